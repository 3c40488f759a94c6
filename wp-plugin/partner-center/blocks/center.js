/* The blocks in the editor: a box with one field, a form to look at, and a box. WordPress renders the rest. */
( function ( blocks, element, blockEditor, components, ServerSideRender, texts ) {
	'use strict';
	var el = element.createElement;
	blocks.registerBlockType( 'partner-center/center', {
		apiVersion: 3,
		title: texts.heading,
		category: 'widgets',
		icon: 'groups',
		attributes: { view: { type: 'string', default: '' } },
		supports: { multiple: false, html: false },
		edit: function ( props ) {
			return el(
				'div',
				blockEditor.useBlockProps( { className: 'components-placeholder' } ),
				el( 'strong', null, texts.heading ),
				el(
					'label',
					null,
					texts.label + ' ',
					el( 'input', {
						type: 'text',
						value: props.attributes.view,
						onChange: function ( event ) {
							props.setAttributes( { view: event.target.value } );
						}
					} )
				)
			);
		},
		save: function () {
			return null;
		}
	} );
	function programs() {
		return [ { value: '', label: texts.choose } ].concat( texts.programs || [] );
	}
	function programField( props ) {
		return el( components.SelectControl, {
			label: texts.program,
			value: props.attributes.program,
			options: programs(),
			__nextHasNoMarginBottom: true,
			__next40pxDefaultSize: true,
			onChange: function ( code ) {
				props.setAttributes( { program: code } );
			}
		} );
	}
	function signup( props ) {
		if ( props.attributes.program ) {
			return el( components.Disabled, null,
				el( ServerSideRender, { block: 'partner-center/signup', attributes: props.attributes } ) );
		}
		return el( components.Placeholder, { icon: 'groups', label: texts.signup },
			programs().length > 1 ? programField( props ) : texts.none );
	}
	blocks.registerBlockType( 'partner-center/signup', {
		apiVersion: 3,
		title: texts.signup,
		category: 'widgets',
		icon: 'groups',
		attributes: { program: { type: 'string', default: '' } },
		supports: { multiple: false, html: false },
		edit: function ( props ) {
			return el(
				'div',
				blockEditor.useBlockProps(),
				el( blockEditor.InspectorControls, null,
					el( components.PanelBody, { title: texts.signup }, programField( props ) ) ),
				signup( props )
			);
		},
		save: function () {
			return null;
		}
	} );
	blocks.registerBlockType( 'partner-center/optin', {
		apiVersion: 3,
		title: texts.optin,
		category: 'widgets',
		icon: 'email',
		attributes: { name: { type: 'string', default: '' } },
		edit: function () {
			return el(
				'div',
				blockEditor.useBlockProps( { className: 'components-placeholder' } ),
				el( 'strong', null, texts.optin )
			);
		},
		save: function () {
			return null;
		}
	} );
} )( window.wp.blocks, window.wp.element, window.wp.blockEditor, window.wp.components, window.wp.serverSideRender,
	window.partnerCenterBlock );

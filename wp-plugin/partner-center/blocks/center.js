/* The block in the editor: a box with one field. WordPress renders the rest. */
( function ( blocks, element, blockEditor, texts ) {
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
} )( window.wp.blocks, window.wp.element, window.wp.blockEditor, window.partnerCenterBlock );
